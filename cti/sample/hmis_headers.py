"""The columns of an HMIS CSV export, in the order of HUD's format for FY2024 and FY2026.

Between the two years only Client and Enrollment differ (domain book, section 4.1). What FY2026 adds stands at the end, as the
exports of some systems have it; a reader has to go by the names.
"""

from __future__ import annotations

from typing import Literal

Year = Literal[2024, 2026]

_FILES = {
    "Export": """
        ExportID SourceType SourceID SourceName SourceContactFirst SourceContactLast SourceContactPhone
        SourceContactExtension SourceContactEmail ExportDate ExportStartDate ExportEndDate SoftwareName
        SoftwareVersion CSVVersion ExportPeriodType ExportDirective HashStatus ImplementationID
    """,
    "Organization": """
        OrganizationID OrganizationName VictimServiceProvider OrganizationCommonName DateCreated DateUpdated
        UserID DateDeleted ExportID
    """,
    "User": """
        UserID UserFirstName UserLastName UserPhone UserExtension UserEmail DateCreated DateUpdated DateDeleted
        ExportID
    """,
    "Project": """
        ProjectID OrganizationID ProjectName ProjectCommonName OperatingStartDate OperatingEndDate
        ContinuumProject ProjectType HousingType RRHSubType ResidentialAffiliation TargetPopulation
        HOPWAMedAssistedLivingFac PITCount DateCreated DateUpdated UserID DateDeleted ExportID
    """,
    "HMISParticipation": """
        HMISParticipationID ProjectID HMISParticipationType HMISParticipationStatusStartDate
        HMISParticipationStatusEndDate DateCreated DateUpdated UserID DateDeleted ExportID
    """,
    "Client": """
        PersonalID FirstName MiddleName LastName NameSuffix NameDataQuality SSN SSNDataQuality DOB
        DOBDataQuality AmIndAKNative Asian BlackAfAmerican HispanicLatinaeo MidEastNAfrican NativeHIPacific
        White RaceNone AdditionalRaceEthnicity Woman Man NonBinary CulturallySpecific Transgender Questioning
        DifferentIdentity GenderNone DifferentIdentityText VeteranStatus YearEnteredService YearSeparated
        WorldWarII KoreanWar VietnamWar DesertStorm AfghanistanOEF IraqOIF IraqOND OtherTheater MilitaryBranch
        DischargeStatus DateCreated DateUpdated UserID DateDeleted ExportID
    """,
    "Enrollment": """
        EnrollmentID PersonalID ProjectID EntryDate HouseholdID RelationshipToHoH EnrollmentCoC LivingSituation
        RentalSubsidyType LengthOfStay LOSUnderThreshold PreviousStreetESSH DateToStreetESSH
        TimesHomelessPastThreeYears MonthsHomelessPastThreeYears DisablingCondition DateOfEngagement MoveInDate
        DateOfPATHStatus ClientEnrolledInPATH ReasonNotEnrolled PercentAMI ReferralSource
        CountOutreachReferralApproaches DateOfBCPStatus EligibleForRHY ReasonNoServices RunawayYouth
        SexualOrientation SexualOrientationOther FormerWardChildWelfare ChildWelfareYears ChildWelfareMonths
        FormerWardJuvenileJustice JuvenileJusticeYears JuvenileJusticeMonths UnemploymentFam
        MentalHealthDisorderFam PhysicalDisabilityFam AlcoholDrugUseDisorderFam InsufficientIncome
        IncarceratedParent VAMCStation TargetScreenReqd TimeToHousingLoss AnnualPercentAMI
        LiteralHomelessHistory ClientLeaseholder HOHLeaseholder SubsidyAtRisk EvictionHistory CriminalRecord
        IncarceratedAdult PrisonDischarge SexOffender DisabledHoH CurrentPregnant SingleParent DependentUnder6
        HH5Plus CoCPrioritized HPScreeningScore ThresholdScore TranslationNeeded PreferredLanguage
        PreferredLanguageDifferent DateCreated DateUpdated UserID DateDeleted ExportID
    """,
    "Exit": """
        ExitID EnrollmentID PersonalID ExitDate Destination DestinationSubsidyType OtherDestination
        HousingAssessment SubsidyInformation ProjectCompletionStatus EarlyExitReason ExchangeForSex
        ExchangeForSexPastThreeMonths CountOfExchangeForSex AskedOrForcedToExchangeForSex
        AskedOrForcedToExchangeForSexPastThreeMonths WorkplaceViolenceThreats WorkplacePromiseDifference
        CoercedToContinueWork LaborExploitPastThreeMonths CounselingReceived IndividualCounseling
        FamilyCounseling GroupCounseling SessionCountAtExit PostExitCounselingPlan SessionsInPlan
        DestinationSafeClient DestinationSafeWorker PosAdultConnections PosPeerConnections
        PosCommunityConnections AftercareDate AftercareProvided EmailSocialMedia Telephone InPersonIndividual
        InPersonGroup CMExitReason DateCreated DateUpdated UserID DateDeleted ExportID
    """,
    "Services": """
        ServicesID EnrollmentID PersonalID DateProvided RecordType TypeProvided OtherTypeProvided
        MovingOnOtherType SubTypeProvided FAAmount FAStartDate FAEndDate ReferralOutcome DateCreated DateUpdated
        UserID DateDeleted ExportID
    """,
    "CurrentLivingSituation": """
        CurrentLivingSitID EnrollmentID PersonalID InformationDate CurrentLivingSituation CLSSubsidyType
        VerifiedBy LeaveSituation14Days SubsequentResidence ResourcesToObtain LeaseOwn60Day MovedTwoOrMore
        LocationDetails DateCreated DateUpdated UserID DateDeleted ExportID
    """,
    "Event": """
        EventID EnrollmentID PersonalID EventDate Event ProbSolDivRRResult ReferralCaseManageAfter
        LocationCrisisOrPHHousing ReferralResult ResultDate DateCreated DateUpdated UserID DateDeleted ExportID
    """,
}

_RENAMED = {"HispanicLatinaeo": "HispanicLatinao"}
_GONE = frozenset(
    [
        "Woman",
        "Man",
        "NonBinary",
        "CulturallySpecific",
        "Transgender",
        "Questioning",
        "DifferentIdentity",
        "GenderNone",
        "DifferentIdentityText",
        "SexualOrientation",
        "SexualOrientationOther",
        "TranslationNeeded",
        "PreferredLanguage",
        "PreferredLanguageDifferent",
    ]
)
_NEW = {"Client": ["Sex"], "Enrollment": ["MentalHealthConsultation"]}


def header(file: str, year: Year) -> list[str]:
    """The columns of one file (its name without ".csv") in the export of that year."""
    columns = _FILES[file].split()
    if year == 2024:
        return columns
    return [_RENAMED.get(name, name) for name in columns if name not in _GONE] + _NEW.get(file, [])
